/** Where no peer could be picked nginx logs the group's name, which has no port (nginx.md 1.4). */
export function isGroupName(peer: string | undefined): boolean {
  return peer !== undefined && peer !== '' && !peer.includes(':');
}
