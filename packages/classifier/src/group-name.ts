/** An address alone, as an edge logs its origin. */
const addressAlone = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Where no peer could be picked nginx logs the group's name, which has no port (ngx_http_upstream_module, $upstream_addr). */
export function isGroupName(peer: string | undefined): boolean {
  return peer !== undefined && peer !== '' && !peer.includes(':') && !addressAlone.test(peer);
}
