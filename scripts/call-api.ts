/** Requests of commands to the API, whose address a person has given. */
import { HttpProblem, type Problem } from '../lib/http/problems.ts';

/** The API refuses a request. */
export class ApiRefusal extends HttpProblem {
  /** Who has refused it. */
  readonly address: string;

  constructor(problem: Problem, address: string) {
    super(problem);
    this.address = address;
  }
}

/** Nobody answers at the address. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError';
}

/** @throws ApiUnreachableError; an answer of whatever status is returned. */
export async function askApi(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw new ApiUnreachableError(`Nobody answers at ${new URL(url).origin}.`, { cause });
  }
}

/** The refusal in an answer. Not every one comes from the API: a proxy may answer too, or API Gateway before a function. */
export async function refusalIn(answer: Response): Promise<ApiRefusal> {
  const { status, statusText, url } = answer;
  const address = new URL(url).origin;
  const problem = parse(await answer.text());
  if (problem) return new ApiRefusal({ ...problem, status }, address);
  const title = statusText || 'without a reason';
  return new ApiRefusal({ status, title, detail: `${title} (of ${url}). Is the address right?` }, address);
}

function parse(text: string): Problem | undefined {
  try {
    const problem: Partial<Problem> | null = JSON.parse(text);
    return problem?.detail === undefined ? undefined : (problem as Problem);
  } catch {
    return undefined;
  }
}
