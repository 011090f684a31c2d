import { ModelyardError } from "../../contract/errors.ts";
import { isServerReady, requireReady } from "../inference/models.ts";
import type { ServerPorts } from "../languages/language.ts";
import { healthCheckRequest, healthCheckResponse } from "./messages.ts";
import { type Method, unary } from "./method.ts";
import { codes, GrpcError } from "./status.ts";

/**
 * grpc.health.v1.Health, which load balancers and Kubernetes ask. A service of it is one of ours; without a name all are meant. Needs no key.
 * Protocol: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export function healthMethods(ports: ServerPorts): Record<string, Method> {
  const isServing = (name: string, requestId: string): boolean => {
    const call = { authorization: undefined, requestId, ports };
    if (name === "" || name === "inference.GRPCInferenceService") return isServerReady(call);
    try {
      requireReady(call, { name });
      return true;
    } catch (error) {
      if (!(error instanceof ModelyardError) || error.status !== 503) throw error;
      return false;
    }
  };
  return {
    "/grpc.health.v1.Health/Check": unary(
      healthCheckRequest,
      healthCheckResponse,
      ({ service = "" }, { requestId }) => ({
        status: isServing(service, requestId) ? "SERVING" : "NOT_SERVING",
      }),
    ),
    "/grpc.health.v1.Health/Watch": unary(healthCheckRequest, healthCheckResponse, () => {
      throw new GrpcError(codes.unimplemented, "Health is not watched here; call Check again and again");
    }),
  };
}
