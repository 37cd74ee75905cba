import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';

/** Who made the telemetry. */
export const scope = { name: 'why502' };

/**
 * What the telemetry is of: `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` where they are set (OpenTelemetry specification,
 * "Environment Variable Specification"), else a service of our own name on this host.
 */
export function resource(host: string): Resource {
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'why502', 'service.instance.id': host }))
    .merge(detectResources({ detectors: [envDetector] }));
}
