import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { loadConfig } from '../../main/config/load-config.ts';
import { sandboxConfig, setAsideBySandbox } from '../../main/config/sandbox-config.ts';

import type { Config } from '../../main/config/settings.ts';

const configured = (environment: NodeJS.ProcessEnv): Config => {
  const loaded = loadConfig(environment, {});
  if (E.isLeft(loaded)) throw new Error(loaded.left.join('\n'));
  return loaded.right;
};

const addresses = {
  mbsUrl: 'http://127.0.0.1:1/module-build-service',
  gitUrl: 'http://127.0.0.1:1/git',
  feedUrl: 'http://127.0.0.1:1/bus/feed',
  kojiUrl: 'http://127.0.0.1:1/kojihub',
  odcsUrl: 'http://127.0.0.1:1/odcs/api/1/',
  bodhiUrl: 'http://127.0.0.1:1/bodhi/',
  datagrepperUrl: 'http://127.0.0.1:1/datagrepper',
};

const folder = mkdtempSync(join(tmpdir(), 'freshmaker-pem-'));
test.after.always(() => rmSync(folder, { recursive: true }));

/** A file that looks like PEM; its text is what may reach nobody. */
const pem = (text: string): string => {
  const file = join(folder, text);
  writeFileSync(file, `-----BEGIN ${text}-----`);
  return file;
};

const production = {
  FRESHMAKER_EVENTSTORE: 'esdb://log.example.org:2113',
  FRESHMAKER_POLICY: '/etc/freshmaker/policy.yaml',
  FRESHMAKER_FEED_URL: 'https://bus.example.org/feed',
  FRESHMAKER_MBS_URL: 'https://mbs.example.org/module-build-service/',
  FRESHMAKER_MBS_TOKEN: 'secret',
  FRESHMAKER_KOJI_URL: 'https://koji.example.org/kojihub',
  FRESHMAKER_KOJI_LOGIN: 'gssapi',
  FRESHMAKER_KOJI_CERTIFICATE: pem('our-certificate'),
  FRESHMAKER_KOJI_KEY: pem('our-key'),
  FRESHMAKER_KOJI_AUTHORITY: pem('our-authority'),
  FRESHMAKER_ODCS_URL: 'https://odcs.example.org/api/1/',
  FRESHMAKER_ODCS_TOKEN: 'hidden',
  FRESHMAKER_ODCS_OWNER: 'somebody',
  FRESHMAKER_BODHI_URL: 'https://bodhi.example.org/',
  FRESHMAKER_GIT_URL: 'https://src.example.org',
  FRESHMAKER_GIT_PUSH_URL: 'ssh://git@src.example.org',
};

test('no setting of production reaches a service on the sandbox', (t) => {
  const config = sandboxConfig(configured(production), addresses);
  const used = JSON.stringify(config);
  for (const value of Object.values(production)) t.false(used.includes(value), value);
  for (const text of ['our-certificate', 'our-key', 'our-authority']) t.false(used.includes(text));
  t.like(config, { ...addresses, eventStore: null, mbsToken: null, gitPushUrl: null });
});

test('the settings that the sandbox sets aside are named, those that were not given are not', (t) => {
  t.is(
    setAsideBySandbox(configured(production)),
    'The sandbox sets aside: eventStore, policy, feedUrl, mbsUrl, mbsToken, gitUrl, gitPushUrl, ' +
      'kojiUrl, kojiCertificate, kojiKey, kojiAuthority, odcsUrl, odcsToken, odcsOwner, bodhiUrl; use --no-sandbox for them.',
  );
  const some = configured({ FRESHMAKER_MBS_TOKEN: 'secret' });
  t.is(setAsideBySandbox(some), 'The sandbox sets aside: mbsToken; use --no-sandbox for them.');
  t.is(setAsideBySandbox(configured({})), undefined);
});
