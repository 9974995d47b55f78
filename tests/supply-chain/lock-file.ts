/** package-lock.json, as npm writes it (lockfileVersion 3). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface LockedPackage {
  version?: string;
  license?: string;
  integrity?: string;
  /** Needed for development alone. */
  dev?: boolean;
  devOptional?: boolean;
  /** A workspace of this repository. */
  link?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
  hasInstallScript?: boolean;
}

/** By place: `node_modules/NAME`, and inside another package where that needs a version of its own. */
export type LockFile = Map<string, LockedPackage>;

export async function readLockFile(): Promise<LockFile> {
  const text = await readFile(join(process.cwd(), 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> };
  return new Map(Object.entries(packages));
}

/** What comes from the registry: neither this project nor its workspaces. */
export function fromRegistry(lock: LockFile): [place: string, LockedPackage][] {
  return [...lock].filter(([place, { link }]) => place.includes('node_modules/') && !link);
}

/** The name of the package at a place. */
export function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** What a package at this place gets when it asks for a name: the nearest, as Node looks for it. */
export function resolveFrom(lock: LockFile, place: string, name: string): LockedPackage | undefined {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const found = lock.get(folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`);
    if (found || folder === '') return found;
  }
}
