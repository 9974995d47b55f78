import { buildFunctions } from './build.ts';
import { requireWritableCheckout } from './writable-checkout.ts';

/** Serverless plugin: builds the bundles before `serverless package` and `serverless deploy`. */
export default class BuildPlugin {
  readonly hooks = {
    'before:package:cleanup': requireWritableCheckout,
    'before:package:createDeploymentArtifacts': async () => {
      await buildFunctions();
    },
  };
}
