import type { Endpoint, Practice, Service, System } from '../../src/model/system.ts';

export type Probe = Extract<Practice, { readonly kind: 'probe' }>;

/** What deployments ask a service, or all of them. */
export function probesOf(system: System, service?: string): Probe[] {
  return system.practices.filter(
    (practice): practice is Probe =>
      practice.kind === 'probe' && (service === undefined || practice.service === service),
  );
}

/** Endpoints of a service of which nothing more is known to answer: what is not among them is not there. */
export function allEndpointsOf(system: System, service: Service): readonly Endpoint[] {
  return service.openRoutes ? [] : system.endpoints.filter(endpoint => endpoint.service === service.id);
}

/** Whether a path is one of those by which services say that they are well. */
export function isAboutHealth(path: string): boolean {
  return path
    .split('/')
    .some(part => /health|alive|heartbeat|^_?(live(ness|z)?|readyz?|readiness|status|ping|up)$/i.test(part));
}
