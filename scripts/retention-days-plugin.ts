import { readRetentionDays } from '../lib/users/retention-rules.ts';

/** The part of Serverless that this plugin uses. */
interface Serverless {
  service: { functions: { retention: { environment: { RETENTION_DAYS: string | number } } } };
}

/**
 * Serverless plugin: checks the parameter `retentionDays` before anything is packaged or deployed. With a wrong one the
 * function would fail every night, or erase people too early.
 */
export default class RetentionDaysPlugin {
  readonly hooks = { initialize: () => this.check() };
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
  }

  check(): void {
    readRetentionDays(String(this.#serverless.service.functions.retention.environment.RETENTION_DAYS));
  }
}
