import {
  infiniteQueryOptions,
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  type QueryKey,
  queryOptions,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { type CallOptions, type Client, makeClient } from "../../src/client/client.ts";
import { ModelyardError } from "../../src/contract/errors.ts";
import type { Handlers, InputOf, OperationName } from "../../src/contract/operations.ts";
import { wireOperations } from "../../src/contract/wire-operations.gen.ts";

/** What an operation answers with. */
export type AnswerOf<Name extends OperationName> = Awaited<ReturnType<Handlers[Name]>>;

interface ListPage {
  items: unknown[];
  nextPageToken: string | null;
}
type PagedName = {
  [Name in OperationName]: AnswerOf<Name> extends ListPage ? Name : never;
}[OperationName];

/** The server that this page came from; the session's cookie says who asks. */
export const client: Client = makeClient({
  url: window.location.origin,
  token: undefined,
  fetch: (input, init) => window.fetch(input, { ...init, credentials: "same-origin" }),
});

/** Asks again only when the connection failed: an answer of the server stays what it is. */
const mayHelp = (error: unknown) => error instanceof ModelyardError && error.code === "server-unreachable";

/** Who is signed in no more is shown how to sign in, wherever that turns up. */
const onError = (error: unknown) => {
  if (error instanceof ModelyardError && error.code === "unauthenticated")
    queryClient.setQueryData(["getSession", {}], null);
};

/** What was deleted while its page is open goes from the page too; after any other failure the old data stays. */
const onQueryError: NonNullable<QueryCache["config"]["onError"]> = (error, query) => {
  onError(error);
  if (error instanceof ModelyardError && error.code.endsWith("-not-found")) query.setState({ data: undefined });
};

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: onQueryError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (count, error) => count < 3 && mayHelp(error) },
    mutations: { retry: false },
  },
});

const call = <Name extends OperationName>(name: Name, input: InputOf<Name>, options?: CallOptions) =>
  (client[name] as (input: InputOf<Name>, options?: CallOptions) => Promise<AnswerOf<Name>>)(input, options);

/** A question to the server for `useQuery`: cached under the operation's name and its input. */
export const ask = <Name extends OperationName>(name: Name, input: InputOf<Name>) =>
  queryOptions({
    queryKey: [name, input] as QueryKey,
    queryFn: ({ signal }): Promise<AnswerOf<Name>> => call(name, input, { signal }),
  });

/** As `ask`, but shows what was there while another page or filter is fetched. */
export const askOn = <Name extends OperationName>(name: Name, input: InputOf<Name>) => ({
  ...ask(name, input),
  placeholderData: keepPreviousData<AnswerOf<Name>>,
});

/** The entries of all pages that were fetched. */
const joined = <Page extends ListPage>({ pages }: { pages: Page[] }): { items: Page["items"] } => ({
  items: pages.flatMap(({ items }) => items),
});

/** All pages of a list, one after the other, for `useInfiniteQuery`: its entries are `data.items`. */
export const askPages = <Name extends PagedName>(name: Name, input: InputOf<Name>) =>
  infiniteQueryOptions({
    queryKey: [name, input, "pages"] as QueryKey,
    queryFn: ({ signal, pageParam }): Promise<AnswerOf<Name>> =>
      call(name, { ...input, ...(pageParam === undefined ? {} : { pageToken: pageParam }) }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextPageToken }) => nextPageToken ?? undefined,
    select: joined<AnswerOf<Name>>,
    placeholderData: keepPreviousData,
  });

interface ChangeOptions<Answer> extends CallOptions {
  /** Done before pages are fetched anew, such as leaving the page of what was deleted. */
  onDone?: (answer: Answer) => unknown;
}

/** A change: what stands on pages of the steps it touches is fetched anew when it is done. */
export function useChange<Name extends OperationName>(
  name: Name,
  { onDone, ...options }: ChangeOptions<AnswerOf<Name>> = {},
): UseMutationResult<AnswerOf<Name>, Error, InputOf<Name>> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<Name>) => call(name, input, options),
    onSuccess: (answer) => onDone?.(answer),
    onSettled: () => queries.invalidateQueries(),
  });
}

/** Whether a query's key belongs to an operation of one of these steps. */
export const isOfSteps = (key: QueryKey, steps: readonly string[]): boolean => {
  const operation = wireOperations[key[0] as OperationName];
  return operation !== undefined && steps.includes(operation.step);
};
