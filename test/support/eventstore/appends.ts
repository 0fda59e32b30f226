import type { ServerDuplexStream, ServerReadableStream, sendUnaryData } from '@grpc/grpc-js';
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import {
  accessDenied,
  batchAnswer,
  identifier,
  notReady,
  timedOut,
  unaryAnswer,
} from './answers.ts';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import type { Denial, Misbehaviour, Mood } from './mood.ts';
import { refuse, refuseDeleted } from './reads.ts';
import type { Expected, Proposed, Store } from './store.ts';
import streams from '@eventstore/db-client/generated/streams_pb.js';

type Message = AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage;

const proposed = (message: Message): Proposed => ({
  id: message.getId()?.getString() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

type Condition = {
  readonly hasNoStream: () => boolean;
  readonly hasAny: () => boolean;
  readonly hasStreamExists: () => boolean;
};

const expectedOf = (options: Condition, revision: string): Expected => {
  if (options.hasNoStream()) return 'no-stream';
  if (options.hasStreamExists()) return 'stream-exists';
  return options.hasAny() ? 'any' : Number(revision);
};

type Batch = {
  readonly stream: string;
  readonly expected: Expected;
  /** Milliseconds since 1970; nothing is written after it. */
  readonly deadline: number;
  events: Array<Proposed>;
};

const refusalOf = ({ stream }: Batch, status: Status): BatchAppendResp =>
  new streams.BatchAppendResp().setStreamIdentifier(identifier(stream)).setError(status);

const answerOf = (
  store: Store,
  batch: Batch,
  how: Misbehaviour | undefined,
): BatchAppendResp | undefined => {
  const { stream, expected, events } = batch;
  switch (how) {
    case 'silent before writing':
    case 'reset before writing':
      return undefined;
    case 'silent after writing':
    case 'reset after writing':
      store.append(stream, expected, events);
      return undefined;
    case 'not ready':
      return refusalOf(batch, notReady());
    case undefined:
      return batchAnswer(stream, expected, store.append(stream, expected, events));
  }
};

const nameIn = (options: {
  readonly getStreamIdentifier: AppendReq.Options['getStreamIdentifier'];
}): string => Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();

/** The batch that is complete with this part, if it is. */
const collect = (open: Map<string, Batch>, request: BatchAppendReq): Batch | undefined => {
  const correlation = request.getCorrelationId()?.getString() ?? '';
  const options = request.getOptions();
  if (options !== undefined) {
    const expected = expectedOf(options, options.getStreamPosition());
    const deadline = options.getDeadline()?.toDate().getTime() ?? Number.POSITIVE_INFINITY;
    open.set(correlation, { stream: nameIn(options), expected, deadline, events: [] });
  }
  const batch = open.get(correlation);
  batch?.events.push(...request.getProposedMessagesList().map(proposed));
  if (!request.getIsFinal()) return undefined;
  open.delete(correlation);
  return batch;
};

/** The long-lived call: requests in parts by correlation id, answers in the order of the last part. */
export const answerBatches = (
  store: Store,
  mood: Mood,
  call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
): void => {
  const open = new Map<string, Batch>();
  const denial = (): Denial | undefined => mood.denial(call.metadata, 'append');
  const act = (batch: Batch): BatchAppendResp | undefined => {
    if (denial() === 'access-denied') return refusalOf(batch, accessDenied());
    if (batch.deadline <= Date.now() + mood.clockAhead()) return refusalOf(batch, timedOut());
    const how = mood.isReady() ? mood.next() : 'not ready';
    const answer = answerOf(store, batch, how);
    if (how?.startsWith('reset') === true) mood.cut();
    return answer;
  };
  const say = async (answer: BatchAppendResp): Promise<void> => {
    await store.durable();
    if (!call.cancelled && !call.destroyed) call.write(answer);
  };
  if (denial() === 'unauthenticated') {
    refuse(call, 16, 'Unauthenticated');
    return;
  }
  call.on('data', (request: BatchAppendReq) => {
    const batch = collect(open, request);
    const answer = batch === undefined ? undefined : act(batch);
    answer?.setCorrelationId(request.getCorrelationId());
    if (answer !== undefined) void say(answer);
  });
  call.on('end', () => {
    call.end();
  });
  call.on('error', () => undefined);
};

/** One append in one call. */
export const answerAppend = (
  store: Store,
  call: ServerReadableStream<AppendReq, AppendResp>,
  answer: sendUnaryData<AppendResp>,
): void => {
  const events: Array<Proposed> = [];
  let stream = '';
  let expected: Expected = 'any';
  call.on('data', (request: AppendReq) => {
    const options = request.getOptions();
    const message = request.getProposedMessage();
    if (options !== undefined) {
      stream = nameIn(options);
      expected = expectedOf(options, options.getRevision());
    }
    if (message !== undefined) events.push(proposed(message));
  });
  const settle = async (): Promise<void> => {
    const outcome = store.append(stream, expected, events);
    await store.durable();
    const said = unaryAnswer(expected, outcome);
    const status = { emit: (_: 'error', error: object) => (answer(error), true) };
    if (said !== undefined) answer(null, said);
    else if (outcome.kind === 'deleted') refuseDeleted(status, stream);
    else if (outcome.kind === 'bad') refuse(status, 3, outcome.message);
    else {
      const limit = outcome.kind === 'too-large' ? outcome.limit : 0;
      refuse(status, 3, `Maximum Append Size of ${limit} Exceeded.`, {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': String(limit),
      });
    }
  };
  call.on('end', () => {
    void settle();
  });
};
