/** Whether an item only says that a user was erased, and when (lib/store/user.ts, `erasedUser`). */
export function saysErased({ renamed }: Record<string, unknown>): boolean {
  return (renamed as { erased?: boolean } | undefined)?.erased === true;
}
