// Checks the import directions between rooms, and that the check itself still bites:
// it must cruise something, and it must report a violation planted on purpose.
import { cruise } from 'dependency-cruiser';
import { createRequire } from 'node:module';
import { rmSync, writeFileSync } from 'node:fs';

const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const rooms = [
  ...['domain', 'event-log', 'clients', 'ingest', 'sagas', 'projectors', 'audit'],
  ...['query-api', 'main', 'ops', 'test'],
];
const look = async () =>
  (await cruise(rooms, { ...config.options, ruleSet: config, validate: true })).output;

const planted = 'domain/planted-violation.ts';
writeFileSync(planted, "import 'node:fs';\nexport const planted = 1;\n");
let sabotaged;
try {
  sabotaged = await look();
} finally {
  rmSync(planted);
}
if (!sabotaged.summary.violations.some((v) => v.from === planted)) {
  console.error('boundaries: the planted violation went unnoticed; the check is blind');
  process.exit(1);
}
const { summary } = await look();
for (const v of summary.violations) console.error(`${v.rule.name}: ${v.from} -> ${v.to}`);
console.log(`boundaries: ${summary.totalCruised} modules, ${summary.violations.length} violations`);
process.exit(summary.violations.length > 0 || summary.totalCruised === 0 ? 1 : 0);
