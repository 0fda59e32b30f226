import * as E from 'fp-ts/lib/Either.js';
import { artifactStream } from '../../domain/stream-names.ts';
import { eventTypeTable } from '../../query-api/names/tables.ts';
import type { Api, ApiFailure } from './asking/api.ts';
import type { Asking, Json } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { evidenceInWords } from './asking/evidence.ts';
import type { Attempts } from './asking/shapes.ts';
import { Decision, Event, Message, pageOf } from './asking/shapes.ts';
import { facts, inColour, plain, toSecond } from './asking/table.ts';
import { buildInFull, oneBuild } from './builds.ts';
import { signedBuildsOf } from './composes.ts';
import { exit } from './exit-codes.ts';

type Cause = {
  readonly event: Event;
  readonly decision: Decision | null;
  readonly message: Message | null;
};

const causeOf = async (
  api: Api,
  id: number,
  artifact: string | null,
): Promise<E.Either<ApiFailure, Cause>> => {
  const event = await api.get(`events/${id}`, Event, { show_full_json: 'False' })();
  if (E.isLeft(event)) return event;
  const { message_id, dry_run: dryRun } = event.right;
  const [decisions, messages] = await Promise.all([
    api.get(`events/${id}/decisions/`, pageOf(Decision), { artifact: artifact ?? '' })(),
    api.get('messages/', pageOf(Message), { message_id })(),
  ]);
  if (E.isLeft(decisions)) return decisions;
  if (E.isLeft(messages)) return messages;
  const heard = messages.right.items;
  const message = heard.find(({ rehearsal }) => rehearsal === (dryRun === true)) ?? heard[0];
  const [decision] = decisions.right.items;
  return E.right({ event: event.right, decision: decision ?? null, message: message ?? null });
};

const decisionFacts = (decision: Decision | null) =>
  decision === null
    ? ([['decided', 'not on record here: an installation before this one decided it']] as const)
    : ([
        ['decided', `${decision.verdict}: ${decision.code}`],
        ['by', decision.rule === null ? 'no rule' : `rule ${decision.rule}`],
        ['policy', decision.policy_version],
        ['evidence', evidenceInWords(decision.code, decision.evidence)],
        ['when', toSecond(decision.decided_at)],
        ['on record', `${decision.recorded_in}@${decision.revision}`],
      ] as const);

const messageFacts = (message: Message | null) =>
  message === null
    ? ([['topic', 'the message itself is not on record here']] as const)
    : ([
        ['topic', message.topic],
        ['sent', toSecond(message.sent_at)],
        ['recorded', `${toSecond(message.observed_at)}, by ${message.transport}`],
        ['on record', message.recorded_in],
      ] as const);

const causeInWords = ({ screen }: Asking, { event, decision, message }: Cause): string => {
  const { id, state_name: state, search_key: key, message_id: messageId } = event;
  const type = eventTypeTable.nameOf(event.event_type_id);
  const heading = `because of event ${id}  ${inColour(screen, state)}  ${type}  ${plain(key)}\n`;
  const heard = `which came with message ${plain(messageId)}\n`;
  return `\n${heading}${facts(decisionFacts(decision))}\n${heard}${facts(messageFacts(message))}`;
};

const streamOf = ({ artifact, dry_run: dryRun }: Attempts): string | null =>
  artifact === null ? null : artifactStream(dryRun ? 'rehearsal' : 'real', artifact);

/**
 * `why <build>`: from a build over the decisions to the messages that caused it, and where in the
 * log each of them stands.
 */
export const why = (deps: Asking, text: string, options: Json): Promise<number> =>
  asking(deps, async (api) => {
    const found = await oneBuild(deps, api, text);
    if (E.isLeft(found)) return found;
    const { build, attempts } = found.right;
    const recordedIn = streamOf(attempts);
    const causes: Array<Cause> = [];
    for (const id of attempts.event_ids) {
      const cause = await causeOf(api, id, attempts.artifact);
      if (E.isLeft(cause)) return cause;
      causes.push(cause.right);
    }
    if (options.json === true) {
      deps.stdout(asJson({ build, attempts, recorded_in: recordedIn, causes }));
      return E.right(exit.done);
    }
    const signed = await signedBuildsOf(api, build);
    if (E.isLeft(signed)) return signed;
    const more = [['made of', signed.right] as const, ['on record', recordedIn] as const];
    deps.stdout(buildInFull(deps, build, attempts, more));
    deps.stdout(causes.map((cause) => causeInWords(deps, cause)).join(''));
    return E.right(exit.done);
  });
