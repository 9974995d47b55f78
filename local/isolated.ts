/** Imported first by a program that works on this machine only: it and the programs that it starts are kept apart. */
import { isolate } from './isolation.ts';

isolate(process.env);
