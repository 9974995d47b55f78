/** The part of Serverless that this plugin uses. */
interface Serverless {
  /** `Error` is printed as a sentence, without a stack trace. */
  classes: { Error: new (sentence: string, code: string) => Error };
  service: {
    functions: { 'synthetic-check': { environment: Record<'CHECK_SITE_ID' | 'CHECK_USER_ID', string> } };
    resources: {
      Conditions: { HasSyntheticCheck: { 'Fn::Equals': unknown[] } };
      Resources: { SyntheticCheckAlarm: { Properties: { Period: number } } };
    };
  };
}

/** Serverless plugin: checks the parameters of the synthetic check before anything is packaged or deployed. */
export default class SyntheticCheckPlugin {
  readonly hooks = { initialize: () => this.check() };
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
  }

  check(): void {
    const { functions, resources } = this.#serverless.service;
    const [isOn] = resources.Conditions.HasSyntheticCheck['Fn::Equals'];
    if (isOn !== 'yes' && isOn !== 'no') this.#refuse(`syntheticCheck is "${isOn}": give yes or no.`);
    // serverless.yml lists the intervals, each with the period of its alarm.
    if (!resources.Resources.SyntheticCheckAlarm.Properties.Period)
      this.#refuse('checkMinutes has another value than 5, 10, 15, 20, 30 and 60: give one of these.');
    const { CHECK_SITE_ID, CHECK_USER_ID } = functions['synthetic-check'].environment;
    if (isOn === 'yes' && !(CHECK_SITE_ID && CHECK_USER_ID))
      this.#refuse(
        'syntheticCheck is "yes": give checkSite and checkUser too, the site and the person who gets its messages.',
      );
  }

  #refuse(sentence: string): never {
    throw new this.#serverless.classes.Error(sentence, 'SYNTHETIC_CHECK');
  }
}
