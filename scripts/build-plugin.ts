import { buildFunctions } from './build.ts';

/** Serverless plugin: builds the bundles before `serverless package` and `serverless deploy`. */
export default class BuildPlugin {
  readonly hooks = {
    'before:package:createDeploymentArtifacts': async () => {
      await buildFunctions();
    },
  };
}
