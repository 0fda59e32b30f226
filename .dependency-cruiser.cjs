// Which room may import which (docs/adr/0001-rooms-and-doors.md).
const rooms = 'domain|event-log|clients|ingest|sagas|projectors|audit|query-api|main|test|ops';
const room = (from, doors, comment) => ({
  name: `${from}-keeps-to-its-doors`,
  comment,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: `^(${rooms})/`, pathNot: [`^${from}/`, ...doors] },
});
const confine = (pkg, homes) => ({
  name: `${pkg.replace(/[@/]/g, '')}-stays-home`,
  severity: 'error',
  from: { path: `^(${rooms.replace('|main|test|ops', '')})/`, pathNot: homes.map((h) => `^${h}/`) },
  to: { path: `node_modules/${pkg}/` },
});
const log = '^event-log/(event-log|carry-out|follow)\\.ts$';
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^domain/' },
      to: { pathNot: ['^domain/', 'node_modules/(fp-ts|io-ts)/'] },
    },
    room('event-log', ['^domain/'], 'facts are kept here, not interpreted'),
    room('clients', ['^domain/']),
    room('ingest', ['^domain/', log]),
    room('sagas', ['^domain/', log, '^clients/[^/]+/port\\.ts$']),
    room('projectors', ['^domain/', '^event-log/(event-log|follow)\\.ts$']),
    room('audit', ['^domain/', '^event-log/(event-log|seal)\\.ts$']),
    room('query-api', ['^projectors/([^/]+/row|read-models)\\.ts$']),
    {
      name: 'product-never-imports-the-sandbox',
      severity: 'error',
      from: { path: `^(${rooms.replace('|test|ops', '')})/` },
      to: { path: '^(ops|test)/' },
    },
    {
      name: 'sandbox-keeps-apart',
      comment: 'the sandbox plays the outside world: it shares nothing with what it tests',
      severity: 'error',
      from: { path: '^ops/sandbox/' },
      to: { path: `^(${rooms})/`, pathNot: ['^ops/sandbox/'] },
    },
    confine('@eventstore/db-client', ['event-log']),
    confine('libsql', ['event-log', 'projectors']),
    confine('fastify', ['query-api']),
    confine('mongodb', ['projectors']),
    confine('amqplib', ['ingest']),
    confine('zeromq', ['ingest']),
    confine('rxjs', ['ingest', 'sagas', 'projectors']),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
