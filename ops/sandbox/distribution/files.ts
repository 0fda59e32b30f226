import type { Component, ModuleStream } from './distribution.ts';
import { releaseOf } from '../koji/port.ts';
import type { ImageStream } from './images.ts';

const quoted = (text: string): string => JSON.stringify(text);
const list = (streams: ReadonlyArray<string>): string => `[${streams.map(quoted).join(', ')}]`;

const componentYaml = (component: Component): string => {
  const lines = [`      ${component.key}:`, `        rationale: Part of the module.`];
  if (component.via === 'name') lines.push(`        name: ${component.package}`);
  if (component.via === 'repository') {
    lines.push(`        repository: https://src.fedoraproject.org/rpms/${component.package}`);
  }
  if (component.ref !== undefined) lines.push(`        ref: ${quoted(component.ref)}`);
  return lines.join('\n');
};

const required = (
  module: ModuleStream,
): ReadonlyArray<readonly [string, ReadonlyArray<string>]> => [
  ['platform', module.platforms],
  ...module.needs.map((need) => {
    const [name = '', stream = ''] = need.split(':');
    return [name, [stream]] as const;
  }),
];

const dependencies = (module: ModuleStream): string => {
  const entries = required(module);
  if (module.modulemd === 1) {
    const lines = entries.map(([name, [stream = '']]) => `      ${name}: ${quoted(stream)}`);
    const map = lines.join('\n');
    return `  dependencies:\n    buildrequires:\n${map}\n    requires:\n${map}`;
  }
  const lines = entries.map(([name, streams]) => `      ${name}: ${list(streams)}`).join('\n');
  const requires = `      platform: ${list(module.platforms)}`;
  return `  dependencies:\n  - buildrequires:\n${lines}\n    requires:\n${requires}`;
};

/** The text of `<module>.yaml` on one stream's branch. */
export const moduleYaml = (module: ModuleStream): string =>
  [
    '---',
    'document: modulemd',
    `version: ${module.modulemd}`,
    'data:',
    `  summary: The ${module.name} module`,
    `  description: Invented for trying things out.`,
    '  license:',
    '    module:',
    '    - MIT',
    dependencies(module),
    ...(module.holds.length === 0 ? [] : ['  components:', '    rpms:']),
    ...module.holds.map(componentYaml),
    '...',
    '',
  ].join('\n');

/** The text of `<package>.spec`; `release` is what packagers raise. */
export const specFile = (name: string, release: number): string =>
  [
    `Name:           ${name}`,
    'Version:        1.0',
    `Release:        ${release}%{?dist}`,
    `Summary:        The ${name} package`,
    'License:        MIT',
    '',
    '%description',
    'Invented for trying things out.',
    '',
    '%changelog',
    '',
  ].join('\n');

const REGISTRY = 'registry.fedoraproject.org';

const baseOf = ({ from, branch }: ImageStream): string => {
  if (from === undefined) return 'FROM scratch\nADD root.tar.xz /';
  const [name = '', stream = branch] = from.split(':');
  return `FROM ${REGISTRY}/${stream}/${name}:latest`;
};

/** The text of the `Dockerfile` on one branch of an image's repository. */
export const dockerfile = (image: ImageStream): string =>
  [
    baseOf(image),
    '',
    `LABEL com.redhat.component="${image.component}" \\`,
    `      name="${image.branch}/${image.name}" \\`,
    `      version="${releaseOf(image.branch).slice(1)}" \\`,
    '      architecture="x86_64"',
    '',
    ...(image.holds.length === 0
      ? []
      : [`RUN dnf -y install ${image.holds.map(({ rpm }) => rpm).join(' ')} && dnf clean all`, '']),
  ].join('\n');
