import { type Asked, faultsOf, warningsOf } from './parameters.ts';

type Values = Record<string, unknown> | null | undefined;

/** The part of Serverless that this plugin uses. */
interface Serverless {
  processedInput: {
    commands: string[];
    options: { stage?: string; param?: string[] };
    isHelpRequest: boolean;
  };
  configurationInput: { provider: { stage: string }; params?: Record<string, Values> };
  /** Its errors are shown without a stack. */
  classes: { Error: new (message: string, code: string) => Error };
}

interface Utilities {
  log: { warning(text: string): void };
}

/**
 * Serverless plugin: checks the stage and the parameters before anything is done with them, and says all that is wrong at
 * once. It does so when it is loaded: Serverless checks its own rules afterwards, one by one.
 */
export default class ParametersPlugin {
  readonly hooks = {
    initialize: () => {
      // By now Serverless has found the values that stand elsewhere.
      this.check();
      for (const warning of warningsOf(this.#asked())) this.#log.warning(warning);
    },
  };
  readonly #serverless: Serverless;
  readonly #log: Utilities['log'];

  constructor(serverless: Serverless, _options: unknown, { log }: Utilities) {
    this.#serverless = serverless;
    this.#log = log;
    if (!serverless.processedInput.isHelpRequest) this.check();
  }

  check(): void {
    const faults = faultsOf(this.#asked());
    if (faults.length === 0) return;
    const text = ['Nothing was done, because of what was given:', ...faults.map((fault) => `- ${fault}`)];
    throw new this.#serverless.classes.Error(text.join('\n'), 'WRONG_PARAMETERS');
  }

  #asked(): Asked {
    const { commands, options } = this.#serverless.processedInput;
    const { provider, params = {} } = this.#serverless.configurationInput;
    const stage = options.stage ?? provider.stage;
    return {
      stage,
      command: commands.join(' '),
      given: options.param ?? [],
      written: [params[stage] ?? {}, params.default ?? {}],
    };
  }
}
