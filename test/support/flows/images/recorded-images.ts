import type { Call, Message, Scenario } from '../recorded.ts';
import { commitOf } from '../recorded.ts';

type KojiRpm = { readonly name: string; readonly arch: string };
type Relationship = {
  readonly to_component_name: string;
  readonly from_component: { readonly id: number; readonly name: string };
};

/** What the original asked of its surroundings in a container flow. */
export type ImageWorld = {
  readonly koji_builds?: Readonly<
    Record<string, { readonly id: number; readonly rpms: ReadonlyArray<KojiRpm> }>
  >;
  readonly koji_fails?: ReadonlyArray<string>;
  readonly pdc_relationships?: ReadonlyArray<Relationship>;
  readonly pdc_components?: Readonly<Record<string, { readonly dist_git_branch: string }>>;
  readonly git_heads?: Readonly<Record<string, string>>;
};

export const worldOf = ({ world }: Scenario): ImageWorld => world as ImageWorld;

const isOfImages = (message: Message): boolean =>
  message.topic.endsWith('.bodhi.update.complete.stable') ||
  commitOf(message)?.namespace === 'container';

/** Whether a scenario concerns images alone. */
export const isImageFlow = ({ steps }: Scenario): boolean =>
  steps.every(({ message }) => isOfImages(message));

/** One request for a container build. */
export type Request = { readonly source: string; readonly target: string; readonly branch: string };
type Details = {
  readonly source: string;
  readonly target: string;
  readonly opts: { readonly git_branch: string };
  readonly answer?: number;
};

const isRequest = ([, what]: Call): boolean => what === 'buildContainer';

/** What the original asked Koji for, each with the task it was given; null where it was refused. */
export const requestsOf = ({
  steps,
}: Scenario): ReadonlyArray<Request & { readonly task: number | null }> =>
  steps
    .flatMap(({ calls }) => calls)
    .filter(isRequest)
    .map(([, , details]) => {
      const { source, target, opts, answer } = details as unknown as Details;
      const task = typeof answer === 'number' ? answer : null;
      return { source, target, branch: opts.git_branch, task };
    });

export type HoldingImage = {
  readonly name: string;
  readonly branch: string;
  readonly rpms: ReadonlyArray<string>;
};

/** The images of the world with the RPMs they hold, by name. */
export const imagesOf = (scenario: Scenario): ReadonlyArray<HoldingImage> => {
  const { pdc_relationships = [], pdc_components = {} } = worldOf(scenario);
  const names = [...new Set(pdc_relationships.map(({ from_component }) => from_component.id))];
  return names.map((id) => {
    const held = pdc_relationships.filter(({ from_component }) => from_component.id === id);
    return {
      name: held[0]?.from_component.name ?? '',
      branch: pdc_components[String(id)]?.dist_git_branch ?? '',
      rpms: [...new Set(held.map(({ to_component_name }) => to_component_name))],
    };
  });
};
