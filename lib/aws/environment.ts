/** The value of an environment variable that `serverless.yml` sets. If it is absent, the deployment is wrong. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set: see serverless.yml.`);
  return value;
}
