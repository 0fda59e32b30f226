import type { SetAside } from '../set-aside.ts';
import { setAside } from '../set-aside.ts';

/** Shadow instances for other architectures used to speak on the same bus; only "primary" counts. */
export const secondaryInstance = (body: {
  readonly instance: string | null;
}): SetAside | undefined =>
  body.instance === null || body.instance === 'primary'
    ? undefined
    : setAside('secondary-instance', `it comes from Koji instance ${body.instance}, not primary`);

/** Old publishers announced changes of other attributes (volume_id) under the same topic. */
export const otherAttribute = (body: {
  readonly attribute: string | null;
}): SetAside | undefined =>
  body.attribute === null || body.attribute === 'state'
    ? undefined
    : setAside('other-attribute', `what changed is ${body.attribute}, not the state`);
