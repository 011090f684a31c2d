/** Whether a path, without its query, could lead out of the place it is put below: it has a segment . or .., plain or percent-encoded. */
export const leavesItsPlace = (path: string): boolean => /\/(\.|%2e){1,2}(\/|$)/i.test(path);
