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
  albLog: {
    what: 'What does the access log of the load balancer say: the three times, target_status_code, error_reason? Give it to why502.',
    command: 'aws s3 sync s3://BUCKET/AWSLogs/ . && why502 analyze AWSLogs',
  },
  targetHealth: {
    what: 'Which targets are there, and why are they not healthy?',
    command: 'aws elbv2 describe-target-health --target-group-arn ARN',
  },
  targetGroup: {
    what: 'Which version of HTTP does the target group speak?',
    command:
      "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,Protocol,ProtocolVersion]'",
  },
  idleTimeouts: {
    what: 'How long does the load balancer keep idle connections? The targets must keep theirs longer.',
    command:
      'aws elbv2 describe-load-balancer-attributes --load-balancer-arn ARN --query "Attributes[?contains(Key,\'timeout\')]"',
  },
  securityGroups: {
    what: 'Does the security group of the targets let the load balancer in, on the port of the target group?',
    command: "aws ec2 describe-security-groups --group-ids SG --query 'SecurityGroups[].IpPermissions'",
  },
  edgeLog: {
    what: 'What does the log of Cloudflare say (OriginResponseStatus, EdgeResponseStatus, cf-error-type)? Give it to why502.',
    command: 'why502 analyze HTTP_REQUESTS.log.gz',
  },
  originDirect: {
    what: 'Past the edge: does the origin answer the same request, and in what time?',
    command:
      "curl -sv -o /dev/null -w '%{http_code} %{time_total} s\\n' --resolve HOST:443:ORIGIN https://HOST/PATH",
  },
  originTls: {
    what: 'Past the edge: which certificate does the origin show for this name, and until when is it valid?',
    command:
      'openssl s_client -connect ORIGIN:443 -servername HOST </dev/null | openssl x509 -noout -subject -ext subjectAltName -dates',
  },
  edgeRanges: {
    what: 'Does the firewall of the origin let in all addresses of the edge?',
    command: 'curl -s https://www.cloudflare.com/ips-v4; nft list ruleset; iptables -S',
  },
  tunnelLog: {
    what: 'Is the tunnel connected, and what does cloudflared say?',
    command: "cloudflared tunnel info TUNNEL; journalctl -u cloudflared --since '15 min ago' | grep ERR",
  },
  workerTail: {
    what: 'What does the Worker say when it fails?',
    command: 'wrangler tail WORKER --status error',
  },
  functionLog: {
    what: 'What did the function log for that request?',
    command: "aws logs tail /aws/lambda/FUNCTION --since 15m --filter-pattern '?ERROR ?Task'",
  },
  googleLog: {
    what: 'What does the log of the load balancer give as statusDetails?',
    command:
      "gcloud logging read 'resource.type=http_load_balancer httpRequest.status>=500' --limit 20 --format='value(jsonPayload.statusDetails)'",
  },
  azureHealth: {
    what: 'What does the gateway think of the servers of its pool?',
    command: 'az network application-gateway show-backend-health -g GROUP -n GATEWAY',
  },
  iisLog: {
    what: 'Which sub-status and Win32 status did IIS log?',
    command:
      "Select-String -Path C:\\inetpub\\logs\\LogFiles\\*\\*.log -Pattern ' 502 ' | Select-Object -Last 20",
  },
  apacheLog: {
    what: 'What does the error log of Apache say?',
    command: "grep -E 'AH0(0898|0957|1102|1114|1097)|proxy' /var/log/apache2/error.log | tail",
  },
  haproxyLog: {
    what: 'Which termination state did HAProxy log, and for which server?',
    command: "grep -E ' (SC|sC|SH|sH|PH|sQ|SD|sD)-- ' /var/log/haproxy.log | tail",
  },
  envoyLog: {
    what: 'Which response flags did Envoy log?',
    command: "kubectl logs POD -c istio-proxy | grep -E ' 50[0-9] (U|N|L|D)[A-Z]' | tail",
  },
  varnishLog: {
    what: 'Why did the fetch fail?',
    command: "varnishlog -g request -q 'FetchError' | grep -E 'FetchError|BereqURL'",
  },
  herokuLog: {
    what: 'Which code did the router log?',
    command: 'heroku logs --tail --ps router | grep code=H',
  },
} as const satisfies Record<string, Look>;
