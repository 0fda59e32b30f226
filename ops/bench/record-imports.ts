import { register } from 'node:module';

// Notes every file that is imported, one address a line, in the file that BENCH_IMPORTS names.
const hooks = `
import { appendFileSync } from 'node:fs';
export const load = (url, context, next) => {
  if (url.startsWith('file:')) appendFileSync(process.env.BENCH_IMPORTS, url + '\\n');
  return next(url, context);
};`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
