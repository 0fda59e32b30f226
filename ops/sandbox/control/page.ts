import { statusOf } from '../bodhi/render.ts';
import { html, type Answer } from '../http/reply.ts';
import type { Build } from '../koji/port.ts';
import { stateName, type Row } from '../mbs/row.ts';
import { stateName as composeState, type Compose } from '../odcs/compose.ts';
import type { Update } from '../updates/update.ts';
import { KINDS } from './misbehaviour.ts';
import type { ControlDeps } from './routes.ts';

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const line = (...cells: ReadonlyArray<string | number | null>): string =>
  `<tr>${cells.map((cell) => `<td>${escaped(String(cell ?? ''))}`).join('')}</tr>`;

const moduleLine = (row: Row): string => {
  const { id, name, stream, version, context, state, state_reason } = row;
  return line(id, `${name}:${stream}`, `${version}.${context}`, stateName(state), state_reason);
};

const imageLine = ({ id, nvr, image }: Build): string =>
  line(id, nvr, image?.branch ?? '', image?.parent?.nvr ?? '');

const composeLine = ({ id, builds, source, state, state_reason }: Compose): string =>
  line(id, builds ?? source, composeState(state), state_reason);

const updateLine = (update: Update): string => {
  const { alias, id, shipped, release } = update;
  const nvrs = shipped.map(({ nvr }) => nvr).join(', ');
  return line(alias ?? id, release, nvrs, statusOf(update), update.tags.at(-1) ?? '');
};

const NEWEST = 20;

const table = <T>(
  title: string,
  heads: ReadonlyArray<string>,
  things: ReadonlyArray<T>,
  shown: (thing: T) => string,
): string => {
  if (things.length === 0) return '';
  const lines = things.toReversed().slice(0, NEWEST).map(shown).join('');
  return `<h2>${title}</h2>\n<table><tr><th>${heads.join('<th>')}</tr>${lines}</table>\n`;
};

const tables = ({ rows, koji, odcs, shipping }: ControlDeps): string =>
  [
    table(
      'Newest module builds',
      ['id', 'module', 'version', 'state', 'reason'],
      rows.all(),
      moduleLine,
    ),
    table('Newest images', ['id', 'image', 'branch', 'parent'], koji.imageBuilds(), imageLine),
    table(
      'Newest composes',
      ['id', 'made of', 'state', 'reason'],
      odcs.composes.all(),
      composeLine,
    ),
    table(
      'Newest updates',
      ['update', 'release', 'builds', 'status', 'tag'],
      shipping.updates.all(),
      updateLine,
    ),
  ].join('');

/** The page a person sees who opens the sandbox in a browser. */
export const page = (deps: ControlDeps): Answer =>
  html(
    200,
    `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Sandbox</title>
<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{padding:.1rem .8rem .1rem 0;text-align:left}</style>
<h1>A small Fedora to try things on</h1>
<p>${deps.distribution.modules.length} module streams, ${deps.koji.imageNames().length} images, an MBS, a Koji,
an ODCS, a Bodhi, a dist-git and a message bus. Nothing here is real.</p>
${tables(deps)}<h2>What it answers</h2><ul>
<li><a href="/module-build-service/2/module-builds/?short=true">/module-build-service/1/ and /2/</a>: MBS
<li>/kojihub: Koji, by XML-RPC
<li><a href="/odcs/api/1/composes/">/odcs/api/1/composes/</a>: ODCS; its files are under /odcs/composes/
<li><a href="/bodhi/updates/">/bodhi/updates/</a>, <a href="/bodhi/releases/">releases/</a>, builds/: Bodhi
<li>/git/&lt;namespace&gt;/&lt;repo&gt;.git: dist-git over smart HTTP
<li><a href="/bus/feed">/bus/feed?after=&amp;wait=&amp;max=</a>: the message bus
<li><a href="/datagrepper/v2/search?delta=3600">/datagrepper/v2/search</a>, /v2/id, /raw, /id: what was ever on it
<li><a href="/sandbox/world">/sandbox/world</a>, <a href="/sandbox/rows">rows</a>,
<a href="/sandbox/koji/tasks">koji/tasks</a>, <a href="/sandbox/koji/builds?kind=image">koji/builds</a>,
<a href="/sandbox/composes">composes</a>, <a href="/sandbox/updates">updates</a>,
<a href="/sandbox/requests">requests</a>, <a href="/sandbox/misbehave">misbehave</a>
<li>POST /sandbox/commit, /sandbox/messages, /sandbox/update, /sandbox/update/&lt;alias&gt;/advance, /sandbox/misbehave,
/sandbox/fail-next, /sandbox/finish; DELETE /sandbox/misbehave
</ul><p>Kinds of misbehaviour: ${KINDS.join(', ')}.</p></html>\n`,
  );
