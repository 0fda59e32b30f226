import type { Distribution } from '../distribution/distribution.ts';
import { html, type Answer } from '../http/reply.ts';
import { stateName, type Row } from '../mbs/row.ts';
import { KINDS } from './misbehaviour.ts';

const line = (row: Row): string =>
  `<tr><td>${row.id}<td>${row.name}:${row.stream}<td>${row.version}.${row.context}` +
  `<td>${stateName(row.state)}<td>${row.state_reason ?? ''}</tr>`;

/** The page a person sees who opens the sandbox in a browser. */
export const page = (distribution: Distribution, rows: ReadonlyArray<Row>): Answer =>
  html(
    200,
    `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Sandbox</title>
<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{padding:.1rem .8rem .1rem 0;text-align:left}</style>
<h1>A small Fedora to try things on</h1>
<p>${distribution.modules.length} module streams, an MBS, a dist-git and a message bus. Nothing here is real.</p>
<h2>Newest module builds</h2>
<table><tr><th>id<th>module<th>version<th>state<th>reason</tr>${rows
      .toReversed()
      .slice(0, 20)
      .map(line)
      .join('')}</table>
<h2>What it answers</h2><ul>
<li><a href="/module-build-service/2/module-builds/?short=true">/module-build-service/1/ and /2/</a>: MBS
<li>/git/&lt;namespace&gt;/&lt;repo&gt;.git: dist-git over smart HTTP
<li><a href="/bus/feed">/bus/feed?after=&amp;wait=&amp;max=</a>: the message bus
<li><a href="/sandbox/world">/sandbox/world</a>, <a href="/sandbox/rows">rows</a>,
<a href="/sandbox/requests">requests</a>, <a href="/sandbox/misbehave">misbehave</a>
<li>POST /sandbox/commit, /sandbox/misbehave, /sandbox/fail-next, /sandbox/finish; DELETE /sandbox/misbehave
</ul><p>Kinds of misbehaviour: ${KINDS.join(', ')}.</p></html>\n`,
  );
