import type { FastifyInstance } from 'fastify';

const links = [
  ['docs', 'the API, page by page'],
  ['openapi.json', 'the same for programs'],
  ['api/2/events/', 'what happened'],
  ['api/2/builds/', 'what is and was rebuilt'],
  ['api/2/decisions/', 'what was decided, and why'],
  ['api/2/images/', 'what images hold and ever held'],
  ['api/2/messages/', 'what came in from the bus'],
  ['readyz', 'whether all is well'],
] as const;

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Freshmaker</title>
<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>
<h1>Freshmaker</h1>
<p>It watches the message bus and has everything rebuilt that holds a changed package.</p>
<ul>
${links.map(([path, what]) => `<li><a href="${path}">/${path}</a> – ${what}</li>`).join('\n')}
</ul>
</html>
`;

/** The front door: where to go from here. */
export const landingRoute = (app: FastifyInstance): void => {
  app.get('/', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  );
};
