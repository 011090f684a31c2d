/** Link-local addresses are those of machines' own neighbours and of clouds' metadata services: no model is served there. */
export const linkLocal = /^(169\.254\.|fe[89ab][0-9a-f]:|fd00:ec2:|(::ffff|64:ff9b:):(169\.254\.|a9fe:))/i;
