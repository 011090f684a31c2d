import type { Presenter } from "./presenter.ts";

export const revokeToken: Presenter<"revokeToken"> = (token) => ({ data: `Token ${token.name} (${token.id}) revoked` });
