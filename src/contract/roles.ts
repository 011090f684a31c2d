/** Roles from the least to the most; each may do all that the ones before it may. */
export const roles = ["reader", "scorer", "contributor", "admin"] as const;
export type Role = (typeof roles)[number];

/** Whether a role includes another. */
export const roleIncludes = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);
