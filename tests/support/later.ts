/** Time that passes at once, for our functions, the emulator and the embedded services: they all ask `Date.now`. */
import { jest } from '@jest/globals';

const realNow = Date.now;
let ahead = 0;

/** From now on it is so many milliseconds later. */
export function later(milliseconds: number): void {
  ahead += milliseconds;
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
}

/** It is as late as it is. For `afterEach`. */
export function endLater(): void {
  ahead = 0;
  jest.restoreAllMocks();
}
