import codes from '@eventstore/db-client/generated/code_pb.js';
import type { Code as CodeNumber } from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type {
  AppendResp,
  BatchAppendResp,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import type { Expected, Outcome } from './store.ts';
import type { StoredEvent } from './stored-event.ts';

export const identifier = (stream: string): InstanceType<typeof shared.StreamIdentifier> =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));

const place = (position: bigint): InstanceType<typeof shared.AllStreamPosition> =>
  new shared.AllStreamPosition()
    .setCommitPosition(position.toString())
    .setPreparePosition(position.toString());

const { Code } = codes;

type Nothing = ReturnType<InstanceType<typeof shared.WrongExpectedVersion>['getCurrentNoStream']>;

/** Google's Empty, which the batch path uses where the unary path has the client's own. */
const nothing = (): Nothing =>
  shared.WrongExpectedVersion.deserializeBinary(Uint8Array.of(0x12, 0)).getCurrentNoStream();

type Details = { readonly serializeBinary: () => Uint8Array };

const errorOf = (code: CodeNumber, message: string, name: string, details: Details): Status => {
  // The class of `details` (Any) is not the client's own; an empty one is read from its bytes.
  const status = statuses.Status.deserializeBinary(Uint8Array.of(0x1a, 0));
  status.setCode(code).setMessage(message);
  status
    .getDetails()
    ?.setTypeUrl(`type.googleapis.com/event_store.client.${name}`)
    .setValue(details.serializeBinary());
  return status;
};

export const accessDenied = (): Status =>
  errorOf(Code.PERMISSION_DENIED, 'AccessDenied', 'AccessDenied', new shared.AccessDenied());
export const timedOut = (): Status =>
  errorOf(Code.DEADLINE_EXCEEDED, 'Timeout', 'Timeout', new shared.Timeout());

/** What a node without a leader says: no code, and no details to know it by. */
export const notReady = (): Status => {
  const status = statuses.Status.deserializeBinary(Uint8Array.of(0x1a, 0));
  status.setMessage('Server Is Not Ready');
  status.getDetails()?.setTypeUrl('type.googleapis.com/google.protobuf.Empty');
  return status;
};

const wrongVersion = (current: number | undefined, expected: Expected): Status => {
  const details = new shared.WrongExpectedVersion();
  if (current === undefined) details.setCurrentNoStream(nothing());
  else details.setCurrentStreamRevision(String(current));
  if (expected === 'no-stream') details.setExpectedNoStream(nothing());
  else if (expected === 'stream-exists') details.setExpectedStreamExists(nothing());
  else if (expected === 'any') details.setExpectedAny(nothing());
  else details.setExpectedStreamPosition(String(expected));
  return errorOf(Code.ALREADY_EXISTS, 'WrongExpectedVersion', 'WrongExpectedVersion', details);
};

const batchError = (
  stream: string,
  expected: Expected,
  outcome: Exclude<Outcome, { kind: 'written' | 'empty' }>,
): Status => {
  switch (outcome.kind) {
    case 'wrong':
      return wrongVersion(outcome.current, expected);
    case 'too-large': {
      const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(outcome.limit);
      return errorOf(
        Code.INVALID_ARGUMENT,
        'MaximumAppendSizeExceeded',
        'MaximumAppendSizeExceeded',
        details,
      );
    }
    case 'deleted': {
      const details = new shared.StreamDeleted().setStreamIdentifier(identifier(stream));
      return errorOf(Code.NOT_FOUND, 'StreamDeleted', 'StreamDeleted', details);
    }
    case 'bad':
      return errorOf(
        Code.INVALID_ARGUMENT,
        'BadRequest',
        'BadRequest',
        new shared.BadRequest().setMessage(outcome.message),
      );
  }
};

/** The answer on the batch path. */
export const batchAnswer = (
  stream: string,
  expected: Expected,
  outcome: Outcome,
): BatchAppendResp => {
  const answer = new streams.BatchAppendResp().setStreamIdentifier(identifier(stream));
  if (outcome.kind !== 'written' && outcome.kind !== 'empty') {
    return answer.setError(batchError(stream, expected, outcome));
  }
  const success = new streams.BatchAppendResp.Success().setPosition(place(outcome.position));
  if (outcome.kind === 'empty') success.setNoStream(nothing());
  else success.setCurrentRevision(String(outcome.revision));
  return answer.setSuccess(success);
};

/** The answer on the unary path, where it is an answer and no status. */
export const unaryAnswer = (expected: Expected, outcome: Outcome): AppendResp | undefined => {
  const answer = new streams.AppendResp();
  if (outcome.kind === 'wrong') {
    const wrong = new streams.AppendResp.WrongExpectedVersion();
    if (outcome.current === undefined) wrong.setCurrentNoStream(new shared.Empty());
    else wrong.setCurrentRevision(String(outcome.current));
    if (expected === 'no-stream') wrong.setExpectedNoStream(new shared.Empty());
    else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new shared.Empty());
    else if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
    return answer.setWrongExpectedVersion(wrong);
  }
  if (outcome.kind !== 'written' && outcome.kind !== 'empty') return undefined;
  const position = new streams.AppendResp.Position()
    .setCommitPosition(outcome.position.toString())
    .setPreparePosition(outcome.position.toString());
  const success = new streams.AppendResp.Success().setPosition(position);
  if (outcome.kind === 'empty') success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(String(outcome.revision));
  return answer.setSuccess(success);
};

/** One event as a read hands it over. */
export const eventFrame = (event: StoredEvent): ReadResp => {
  const position = event.position.toString();
  const record = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(event.id))
    .setStreamIdentifier(identifier(event.stream))
    .setStreamRevision(String(event.revision))
    .setPreparePosition(position)
    .setCommitPosition(position)
    .setCustomMetadata(event.metadata)
    .setData(event.data);
  record
    .getMetadataMap()
    .set('content-type', event.contentType)
    .set('created', event.created)
    .set('type', event.type);
  const read = new streams.ReadResp.ReadEvent().setEvent(record).setCommitPosition(position);
  return new streams.ReadResp().setEvent(read);
};

export const notFoundFrame = (stream: string): ReadResp =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier(stream)),
  );
export const confirmationFrame = (): ReadResp =>
  new streams.ReadResp().setConfirmation(
    new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID()),
  );
export const caughtUpFrame = (): ReadResp =>
  new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());
export const checkpointFrame = (position: bigint): ReadResp =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint()
      .setCommitPosition(position.toString())
      .setPreparePosition(position.toString()),
  );
