/** The part of Serverless that this plugin uses. */
interface Serverless {
  classes: { Error: new (message: string) => Error };
  processedInput: { options: { region?: string } };
}

/**
 * Serverless plugin: an empty variable, as a CI makes of one that it doesn't have, would not be the usual region but that of
 * Serverless, us-east-1. Nothing is packaged or deployed with it.
 */
export default class RegionPlugin {
  readonly hooks = { initialize: () => this.check() };
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
  }

  check(): void {
    const { region } = this.#serverless.processedInput.options;
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
    const isEmpty = AWS_REGION === '' || (AWS_REGION === undefined && AWS_DEFAULT_REGION === '');
    if (region === '' || (region === undefined && isEmpty))
      throw new this.#serverless.classes.Error(
        'The region is empty: unset AWS_REGION and AWS_DEFAULT_REGION, or give them, or --region, a region.',
      );
  }
}
