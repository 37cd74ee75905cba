import type { Incident } from '@why502/model';
import { countedObject, isoTime, orNull, place, remedyObject, rounded } from './spelling.ts';

/** An incident under its public names. */
export function incidentObject(incident: Incident) {
  return {
    kind: 'incident',
    id: incident.id,
    revision: incident.revision,
    mechanism: orNull(incident.mechanism),
    cause: incident.cause,
    title: incident.title,
    upstream: orNull(incident.upstream),
    started: isoTime(incident.started),
    ended: isoTime(incident.ended),
    requests: incident.requests,
    effects: incident.effects,
    masked: incident.masked,
    by_status: incident.byStatus,
    hops: incident.hops.map(countedObject),
    clients: incident.clients,
    main_client: incident.mainClient ?? null,
    crawlers: incident.crawlers.map(countedObject),
    peers: incident.peers.map(countedObject),
    methods: incident.methods.map(countedObject),
    routes: incident.routes.map(countedObject),
    confidence: rounded(incident.confidence, 3),
    evidence: incident.evidence.map(({ fact, text, requests, row }) => ({
      fact,
      text,
      requests,
      ...place(row),
    })),
    not_affected: incident.notAffected.map(countedObject),
    first_verdict: incident.firstVerdict,
    remedy: incident.remedy.map(remedyObject),
    success: incident.success,
  };
}
