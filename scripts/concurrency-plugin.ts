/** The part of Serverless that this plugin uses. */
interface Serverless {
  service: {
    functions: { bot: { reservedConcurrency: { 'Fn::If': unknown[] } } };
    resources: { Conditions: { ReservesConcurrency: { 'Fn::Equals': unknown[] } } };
  };
}

/**
 * Serverless plugin: checks the parameters `botConcurrency` and `reserveConcurrency` before anything is packaged or deployed.
 * Of `deliverConcurrency` and `drainConcurrency`, which also limit a trigger, Serverless itself refuses wrong values.
 */
export default class ConcurrencyPlugin {
  readonly hooks = { initialize: () => this.check() };
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
  }

  check(): void {
    const { functions, resources } = this.#serverless.service;
    const [, reserved] = functions.bot.reservedConcurrency['Fn::If'];
    // With 0, Lambda would never start the function.
    if (!/^[1-9]\d{0,8}$/.test(String(reserved)))
      throw new Error(
        `botConcurrency is "${reserved}": give how many bot functions may run at once, at least 1.`,
      );
    const [reserves] = resources.Conditions.ReservesConcurrency['Fn::Equals'];
    if (reserves !== 'yes' && reserves !== 'no')
      throw new Error(`reserveConcurrency is "${reserves}": give yes, or no for a small account.`);
  }
}
