/** How long a client whose connection ends may take to hear why, in milliseconds: what it still sends is read, what it has not read is kept. */
export const lingerMs = 2000;
