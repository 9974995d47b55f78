/**
 * The credentials of a function: those of its role, which Lambda puts into the environment. In the bundles this module
 * stands in for `@aws-sdk/credential-provider-node` (`scripts/build.ts`), which also looks where nothing can be in
 * Lambda: in profiles, single sign-on, commands, metadata services. That is a quarter of an event function's bundle, and
 * more of the time that it takes to load.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
