import { configurationOfText } from '@why502/formats';
import { describe, expect, test } from 'vitest';
import { adviceFor } from '../src/advice.ts';
import { settingFindings } from '../src/setting-findings.ts';
import { best } from './configurations.ts';

function logging(conf: string) {
  return configurationOfText(conf, 'nginx.conf').logging;
}

const http = (line: string) => best.replace('access_log /var/log/nginx/access.log why502;', line);

describe('settings', () => {
  test.each([
    ['an error log of level crit hides the causes', best.replace('warn;', 'crit;'), 'causes_hidden'],
    [
      'an error log that goes nowhere hides the causes',
      best.replace('/var/log/nginx/error.log', '/dev/null'),
      'causes_hidden',
    ],
    ['no error log at all means level error', best.replace(/^error_log.*\n/, ''), 'warnings_hidden'],
    [
      'a location may log nothing',
      http('access_log /a why502; server { location /x { access_log off; } }'),
      'access_off',
    ],
    ['only some requests are logged', http('access_log /a why502 if=$x;'), 'access_conditional'],
    ['lines are held back', http('access_log /a why502 buffer=64k;'), 'access_buffered'],
    [
      'a client may forge lines',
      best.replace('log_format why502', 'log_format why502 escape=none'),
      'escape_none',
    ],
  ])('%s', (_, conf, kind) => {
    expect(settingFindings(logging(conf)).map((finding) => finding.kind)).toEqual([kind]);
  });

  test('a poor log beside a rich one of the same requests is no fault', () => {
    const both = logging(http('access_log /a why502; access_log /b combined;'));
    expect(settingFindings(both)).toEqual([]);
    expect(adviceFor(both, [], [])).toEqual([]);
  });
});

describe('advice', () => {
  test('a format without escapes is advised with them', () => {
    const [advice] = adviceFor(
      logging(best.replace('log_format why502', 'log_format why502 escape=none')),
      [],
    );
    expect(advice?.lines).toContain('escape=json');
  });

  test('without a configuration there are lines for any', () => {
    const lines = adviceFor(undefined, ['attempts', 'warnings'], []).map((one) => one.lines.split('\n')[0]);
    expect(lines).toEqual([
      'log_format why502',
      'access_log /var/log/nginx/access.log why502;',
      'error_log /var/log/nginx/error.log warn;',
    ]);
  });

  test.each([
    ['text', 'nginx combined and more', ' ubr="$upstream_bytes_received"'],
    ['JSON', 'nginx JSON', ',"upstream_bytes_received":"$upstream_bytes_received"'],
  ])('a log of %s that lacks a field is told what to add to its format', (_, format, lines) => {
    const log = { file: 'a.log', format, source: 'nginx', lines: 1, faults: 0 } as const;
    const missing = ['attempt_bytes_received'] as const;
    expect(adviceFor(undefined, missing, [{ ...log, missing }])).toEqual([
      { place: 'nginx_conf', written: undefined, addedTo: 'a.log', lines },
    ]);
  });

  test('an access log that is off everywhere is advised to be written', () => {
    const lines = adviceFor(logging(http('access_log off;')), [], []).map((one) => one.lines.split('\n')[0]);
    expect(lines).toEqual(['log_format why502', 'access_log /var/log/nginx/access.log why502;']);
  });
});
