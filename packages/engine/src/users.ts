import { createHash } from 'node:crypto';

/** The one user who may do anything with the data. */
export const userName = 'why502';

/** Configuration of an engine that lives beside other programs: small caches, and no more than a gigabyte of memory. */
export function engineConfiguration(users: string): string {
  return `<clickhouse>
  <logger><level>error</level><console>1</console></logger>
  <mark_cache_size>67108864</mark_cache_size>
  <max_server_memory_usage>1073741824</max_server_memory_usage>
  <users_config>${users}</users_config>
</clickhouse>
`;
}

/**
 * Users of an engine. As `default` it starts itself, without a password; over the network that user sees no data and no
 * file. `why502` must come from this machine and know the password, of which only the hash is written.
 */
export function engineUsers(password: string): string {
  const hash = createHash('sha256').update(password).digest('hex');
  return `<clickhouse>
  <users>
    <default>
      <no_password/>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile><quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT SELECT ON system.numbers</query>
      </grants>
    </default>
    <${userName}>
      <password_sha256_hex>${hash}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile><quota>default</quota><access_management>1</access_management>
    </${userName}>
  </users>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
</clickhouse>
`;
}
