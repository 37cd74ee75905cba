import { html, type Markup } from './markup.ts';

/** Colours that eyes which see red and green alike tell apart (Okabe and Ito), lighter where the page is dark. */
export const style: Markup = html`
:root { color-scheme: light dark; --page: #fbfaf8; --card: #fff; --ink: #1c1f24; --faint: #626a75; --line: #e2e0db;
  --bad: #b3261e; --warn: #8a5a00; --code: #f1efea;
  --overload: #d55e00; --misconfiguration: #0072b2; --dns: #cc79a7; --fault: #b3261e; --network: #009e73;
  --client: #8c8c3a; --provider: #56b4e9; --intended: #a7a9ac; --unknown: #6b6f76; }
@media (prefers-color-scheme: dark) { :root { --page: #14161a; --card: #1c1f25; --ink: #e8e6e1; --faint: #9aa1ab; --line: #30343c;
  --bad: #ff8a80; --warn: #f0b95a; --code: #262a31;
  --overload: #f0884a; --misconfiguration: #4aa3df; --dns: #e3a0c6; --fault: #f0716a; --network: #35c79b;
  --client: #c5c56a; --provider: #8fd0f5; --intended: #7d8187; --unknown: #9aa1ab; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 16px; text-wrap: balance; }
h2 { font-size: 18px; margin: 40px 0 12px; }
h3 { font-size: 16px; margin: 0; line-height: 1.35; }
h4 { font-size: 13px; margin: 16px 0 4px; color: var(--faint); font-weight: 600; }
p { margin: 4px 0; }
ul { margin: 4px 0; padding-left: 20px; }
code, pre { font: 13px/1.45 ui-monospace, monospace; background: var(--code); border-radius: 4px; overflow-wrap: anywhere; }
code { padding: 1px 4px; }
pre { padding: 8px 10px; margin: 6px 0; white-space: pre-wrap; }
.faint { color: var(--faint); }
.warn { color: var(--warn); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures { display: flex; flex-wrap: wrap; gap: 12px; padding: 0; list-style: none; }
.figures li { flex: 1 1 150px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.figures strong { font-size: 24px; font-variant-numeric: tabular-nums; }
figure { margin: 20px 0 0; }
figcaption { color: var(--faint); font-size: 13px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; margin: 4px 0 8px; list-style: none; font-size: 13px; }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
svg { display: block; width: 100%; }
.bars { height: 180px; border-bottom: 1px solid var(--line); }
.hover { fill: transparent; }
.column:hover .hover { fill: var(--line); }
.strip { display: flex; align-items: center; position: relative; height: 14px; color: var(--faint); font-size: 11px; text-decoration: none; }
.strip svg { height: 6px; background: var(--code); border-radius: 3px; }
.strip span { position: absolute; left: -16px; }
.strip:hover, .strip:focus { color: var(--ink); }
.times { display: flex; justify-content: space-between; color: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; padding-top: 2px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
.causes th { text-align: left; font-size: 13px; color: var(--faint); font-weight: 600; }
.causes th.number { text-align: right; }
.causes td, .causes th { padding: 6px 16px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.causes td:last-child, .causes th:last-child { width: 99%; padding-right: 0; }
.incident { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px 18px; margin: 12px 0; scroll-margin-top: 12px; }
.incident:target { outline: 2px solid var(--faint); }
.incident header { display: flex; gap: 12px; align-items: flex-start; }
.incident header div { flex: 1; min-width: 0; }
.rank { min-width: 26px; height: 26px; border-radius: 6px; color: var(--card); font-weight: 700; text-align: center; line-height: 26px; }
.sure { white-space: nowrap; font-weight: 600; }
dl { margin: 12px 0 0; display: grid; gap: 4px; }
dl div { display: grid; grid-template-columns: 150px 1fr; gap: 12px; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.remedy li, .evidence li { margin: 4px 0; overflow-wrap: anywhere; }
.mended { margin-top: 12px; border-top: 1px solid var(--line); padding-top: 10px; }
details { margin: 6px 0; }
summary { cursor: pointer; }
.peers table { table-layout: fixed; }
.peers th { width: 190px; text-align: left; font: 13px ui-monospace, monospace; padding-right: 12px; white-space: nowrap; max-width: 260px; overflow: hidden; text-overflow: ellipsis; }
.peers td:nth-child(2) { padding: 1px 0; }
.peers td.number { width: 70px; padding-left: 12px; }
.cells { height: 18px; background: var(--code); }
.files { font-size: 13px; }
.cause-upstream-overload { fill: var(--overload); background: var(--overload); }
.cause-misconfiguration { fill: var(--misconfiguration); background: var(--misconfiguration); }
.cause-dns-unpropagated { fill: var(--dns); background: var(--dns); }
.cause-upstream-fault { fill: var(--fault); background: var(--fault); }
.cause-network { fill: var(--network); background: var(--network); }
.cause-client { fill: var(--client); background: var(--client); }
.cause-provider { fill: var(--provider); background: var(--provider); }
.cause-intended { fill: var(--intended); background: var(--intended); }
.cause-unknown { fill: var(--unknown); background: var(--unknown); }
.heat-0 { fill: color-mix(in srgb, var(--network) 35%, var(--card)); background: color-mix(in srgb, var(--network) 35%, var(--card)); }
.heat-1 { fill: color-mix(in srgb, var(--bad) 20%, var(--card)); background: color-mix(in srgb, var(--bad) 20%, var(--card)); }
.heat-2 { fill: color-mix(in srgb, var(--bad) 40%, var(--card)); background: color-mix(in srgb, var(--bad) 40%, var(--card)); }
.heat-3 { fill: color-mix(in srgb, var(--bad) 60%, var(--card)); background: color-mix(in srgb, var(--bad) 60%, var(--card)); }
.heat-4 { fill: color-mix(in srgb, var(--bad) 80%, var(--card)); background: color-mix(in srgb, var(--bad) 80%, var(--card)); }
.heat-5 { fill: var(--bad); background: var(--bad); }
@media (max-width: 600px) {
  main { padding: 20px 20px 48px; }
  h1 { font-size: 21px; }
  dl div { grid-template-columns: 1fr; gap: 0; }
  .bars { height: 130px; }
  .causes td, .causes th { padding-right: 10px; }
  .causes td:last-child { min-width: 220px; }
  .peers th { width: 110px; }
  .peers .times span:nth-child(even) { display: none; }
  .peers td.number { width: 50px; }
  .causes td:last-child { min-width: 0; }
}
@media print { body { background: none; } .incident { break-inside: avoid; } }
`;
