import type { SettingFinding } from '@why502/model';

/** What a setting does to the logs, and whether that is a fault or only worth knowing. */
export const findingWords: Readonly<
  Record<SettingFinding['kind'], { readonly text: string; readonly style: 'bad' | 'warn' | 'plain' }>
> = {
  causes_hidden: {
    text: 'hides the lines that say why requests failed: they are of level error',
    style: 'bad',
  },
  warnings_hidden: {
    text: 'keeps errors and drops warnings, such as that a peer was put aside',
    style: 'warn',
  },
  access_off: { text: 'requests of this place leave no line in an access log', style: 'warn' },
  access_conditional: {
    text: 'logs only some requests: what goes well, or what fails, may be missing',
    style: 'warn',
  },
  access_buffered: {
    text: 'holds lines back and writes them in blocks: live logs come late, archives are complete',
    style: 'plain',
  },
  escape_none: {
    text: 'escape=none: a client can write quotes and whole lines into this log, and forge requests. Leave escape out, or use escape=json',
    style: 'bad',
  },
  format_poor: { text: 'its format says little or nothing about the upstream', style: 'warn' },
};
