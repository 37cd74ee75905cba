/** Something to look at next, with a command whose words in capitals are to be replaced. */
export interface Look {
  readonly what: string;
  readonly command: string;
}

export type LookName = keyof typeof looks;

/** What is worth a look after a failure; which one, depends on what the proxy said. */
export const looks = {
  errorLog: {
    what: 'What does the error log say about it? Paste its line here.',
    command: "grep -E 'upstream|connect\\(\\)' /var/log/nginx/error.log | tail -3 | why502 explain",
  },
  listening: {
    what: 'On the host or in the container of the peer: does anything listen on that port, and on which address?',
    command: "ss -ltnp | grep ':PORT '",
  },
  service: {
    what: 'Does the program run, and what did it write just before?',
    command: "systemctl status SERVICE; journalctl -u SERVICE --since '15 min ago'",
  },
  container: {
    what: 'In containers: did it restart, why did it end (137: killed for memory, 139: crashed), which address has it now?',
    command:
      "docker ps -a; docker inspect -f '{{.State}} {{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' CONTAINER",
  },
  kernel: {
    what: 'Did the kernel kill a process, or did one crash?',
    command: "dmesg -T | grep -iE 'out of memory|oom-kill|segfault'",
  },
  direct: {
    what: 'From the host of the proxy: does the peer answer the same request, and in what time?',
    command: "curl -sv -o /dev/null -w '%{http_code} %{time_total} s\\n' http://PEER:PORT/PATH",
  },
  reach: {
    what: 'From the host of the proxy: can the port be reached?',
    command: 'nc -vz -w 3 PEER PORT; ip route get PEER',
  },
  filter: {
    what: 'Does a filter reject or drop it?',
    command: "nft list ruleset | grep -nE 'reject|drop'; iptables -S | grep -E 'REJECT|DROP'",
  },
  localhost: {
    what: 'What does the name stand for on the host of the proxy?',
    command: 'getent ahosts NAME',
  },
  dns: {
    what: 'What does the resolver of the proxy say, and what do the authoritative servers say?',
    command: 'dig +noall +answer +comments NAME @RESOLVER; dig +trace NAME',
  },
  resolver: {
    what: 'Which resolver is configured, and does it answer from this host?',
    command: "nginx -T 2>/dev/null | grep -nE '^\\s*resolver'; cat /etc/resolv.conf",
  },
  tls: {
    what: 'Does the port speak TLS, with which certificate, for which names?',
    command: 'openssl s_client -connect PEER:PORT -servername NAME </dev/null',
  },
  tlsSettings: {
    what: 'Which name does nginx send, and what does it verify?',
    command: "nginx -T 2>/dev/null | grep -nE 'proxy_(ssl_|pass)|grpc_(ssl_|pass)'",
  },
  socket: {
    what: 'Is the socket there, who may use it, and who listens on it?',
    command: 'ls -l SOCKET; namei -l SOCKET; ss -lxp | grep SOCKET',
  },
  queue: {
    what: 'How long are the queues of the listening sockets (Recv-Q), and how long may they be (Send-Q)?',
    command: 'ss -ltn; ss -lx; sysctl net.core.somaxconn',
  },
  timers: {
    what: 'Which timers does nginx have for this location?',
    command: "nginx -T 2>/dev/null | grep -nE '(proxy|fastcgi|uwsgi|grpc)_(read|send|connect)_timeout'",
  },
  keepalive: {
    what: 'How long does each side keep idle connections? The upstream should keep them longer.',
    command: "nginx -T 2>/dev/null | grep -nE 'keepalive|proxy_http_version|Connection'",
  },
  buffers: {
    what: 'How large is the header of the answer, and how large is the buffer for it?',
    command:
      "curl -s -D - -o /dev/null http://PEER:PORT/PATH | wc -c; nginx -T 2>/dev/null | grep -nE '_buffer'",
  },
  upstream: {
    what: 'How is the peer configured?',
    command: "nginx -T 2>/dev/null | grep -nE '(proxy|fastcgi|uwsgi|scgi|grpc)_pass|upstream|server '",
  },
  before: {
    what: 'What failed first? The lines just before about the same upstream say why its peers were put aside.',
    command: "grep -nE 'upstream: \"[a-z]+://' /var/log/nginx/error.log | tail -50",
  },
  ports: {
    what: 'How many connections wait to be forgotten, and how many local ports are there?',
    command: 'ss -s; ss -tan state time-wait | wc -l; sysctl net.ipv4.ip_local_port_range',
  },
  limits: {
    what: 'What are the limits of the workers of nginx?',
    command:
      "nginx -T 2>/dev/null | grep -nE 'worker_(connections|rlimit_nofile|processes)'; cat /proc/$(pgrep -o -f 'nginx: worker')/limits",
  },
  zones: {
    what: 'What is limited by which key, and who is the client in the eyes of nginx?',
    command: "nginx -T 2>/dev/null | grep -nE 'limit_(req|conn)|real_ip|set_real_ip_from'",
  },
  selinux: {
    what: 'Does SELinux forbid it?',
    command: 'ausearch -m avc -ts recent | grep nginx; getsebool httpd_can_network_connect',
  },
  workers: {
    what: 'Are all workers of the application busy, and with what?',
    command: "grep -iE 'max_children|timeout|harakiri' /var/log/php*-fpm.log /var/log/APPLICATION.log | tail",
  },
  clients: {
    what: 'How long had the client waited? A round number is a timer of the caller.',
    command: "awk '$9 == 499' /var/log/nginx/access.log | tail",
  },
} as const satisfies Record<string, Look>;
