import { diskTree } from '@why502/flow';
import { type NginxConf, readConfiguration } from '@why502/formats';

/**
 * Versions of a configuration, in the order of the paths: files, folders, or what `nginx -T` printed.
 * @throws Problem W502_USAGE where a path leads to none
 */
export async function readNginxConf(paths: readonly string[]): Promise<readonly NginxConf[]> {
  const versions: NginxConf[] = [];
  for (const path of paths) versions.push(await readConfiguration(path, diskTree));
  return versions;
}
