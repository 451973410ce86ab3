/** The shapes that the widget takes from the SDK without their having a name of their own there. */
import type { ClientOptions } from '../index.ts';

export type GetToken = NonNullable<ClientOptions['getToken']>;
