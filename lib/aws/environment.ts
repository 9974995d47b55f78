/** The value of an environment variable that `serverless.yml` sets. If it is absent, the deployment is wrong. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set: see serverless.yml.`);
  return value;
}

/** The SHA-256 (hex) of the keys of the platform: none, one, or two while the key changes. */
export function platformKeyHashes(): string[] {
  return (process.env.PLATFORM_KEY_SHA256 ?? '').split(',').filter(Boolean);
}

/** Whether a variable is set that not every function has. */
export function hasEnvironment(name: string): boolean {
  return Boolean(process.env[name]);
}
