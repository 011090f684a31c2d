/** The command that sends a service its first request. It names a body: without one the sample of the image is sent, and many have none. */
export const invokeLine = (service: string): string => `modelyard service invoke ${service} --data BODY`;
