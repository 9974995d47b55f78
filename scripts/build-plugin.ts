import { buildFunctions } from './build.ts';

/** Serverless plugin: `serverless package` and `serverless deploy` always pack what the sources say now. */
export default class BuildPlugin {
  readonly hooks = {
    'before:package:createDeploymentArtifacts': async () => {
      await buildFunctions();
    },
  };
}
