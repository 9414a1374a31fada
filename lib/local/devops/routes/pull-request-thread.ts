import { isObject, listIn, listReply, scalarIn, textIn, valueIn, type JsonObject } from "../body.ts";
import { identityReference } from "../identity-reference.ts";
import { location } from "../location.ts";
import type { Route, RouteReply, RouteRequest } from "../route.ts";
import { ServiceError } from "../service-error.ts";
import { threadKind, threadsOf, type CommentRecord, type ThreadRecord } from "../review/thread-record.ts";
import { pullRequestUrl } from "./pull-request-answer.ts";
import { pullRequestOf } from "./pull-request.ts";

const threads = location({
  id: "ab6e2e5d-a0b7-4153-b64a-a4efe0d49449",
  area: "git",
  resourceName: "pullRequestThreads",
  routeTemplate:
    "{project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}",
});

const comments = location({
  id: "965a3ec7-5ed8-455a-bdcb-835a5ea7fe7b",
  area: "git",
  resourceName: "pullRequestThreadComments",
  routeTemplate:
    "{project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}/comments/{commentId}",
});

const statuses = ["unknown", "active", "fixed", "wontFix", "closed", "byDesign", "pending"];

function list(request: RouteRequest): RouteReply {
  const found = threadsOf(request.organization, pullRequestOf(request).id);
  return { status: 200, body: listReply(found.map((thread) => threadBody(thread, request))) };
}

function getOne(request: RouteRequest): RouteReply {
  return { status: 200, body: threadBody(threadOf(request), request) };
}

async function create(request: RouteRequest): Promise<RouteReply> {
  const { organization, body, work } = request;
  const { id: pullRequestId } = pullRequestOf(request);
  const number = organization.nextNumber("pull-request-thread");
  const publishedDate = organization.now();
  const context = valueIn(body, "threadContext");
  const status = parseStatus(body);
  const thread: ThreadRecord = {
    id: `${pullRequestId}/${number}`,
    pullRequestId,
    number,
    ...(status === undefined ? {} : { threadStatus: status }),
    threadContext: isObject(context) ? context : undefined,
    publishedDate,
    updatedDate: publishedDate,
    comments: listIn(body, "comments").map((comment, index) => newComment(request, comment, index + 1)),
  };
  organization.put(threadKind, thread);
  await work.reviewChanged(pullRequestId);
  return { status: 200, body: threadBody(thread, request) };
}

async function update(request: RouteRequest): Promise<RouteReply> {
  const old = threadOf(request);
  const status = parseStatus(request.body) ?? old.threadStatus;
  return await replace(request, { ...old, ...(status === undefined ? {} : { threadStatus: status }) });
}

function listComments(request: RouteRequest): RouteReply {
  const thread = threadOf(request);
  return {
    status: 200,
    body: listReply(thread.comments.map((comment) => commentBody(comment, thread, request))),
  };
}

async function addComment(request: RouteRequest): Promise<RouteReply> {
  const old = threadOf(request);
  const comment = newComment(request, request.body, old.comments.length + 1);
  await replace(request, { ...old, comments: [...old.comments, comment] });
  return { status: 200, body: commentBody(comment, old, request) };
}

async function replace(request: RouteRequest, thread: ThreadRecord): Promise<RouteReply> {
  const { organization, work } = request;
  const next: ThreadRecord = { ...thread, updatedDate: organization.now() };
  organization.put(threadKind, next);
  await work.reviewChanged(thread.pullRequestId);
  return { status: 200, body: threadBody(next, request) };
}

function threadOf(request: RouteRequest): ThreadRecord {
  const wanted = request.params["threadId"];
  const thread = threadsOf(request.organization, pullRequestOf(request).id).find(
    ({ number }) => String(number) === wanted,
  );
  if (thread !== undefined) return thread;
  throw new ServiceError(404, "CommentThreadNotFoundException", `The thread ${wanted ?? ""} was not found.`);
}

/** By name, or by the service's number. */
function parseStatus(body: unknown): string | undefined {
  const given = scalarIn(body, "status");
  if (given === undefined) return undefined;
  const status =
    statuses[Number(given)] ?? statuses.find((name) => name.toLowerCase() === given.toLowerCase());
  if (status !== undefined) return status;
  throw new ServiceError(400, "InvalidArgumentValueException", `${given} is no status of a thread.`);
}

function newComment({ organization, identity }: RouteRequest, given: unknown, id: number): CommentRecord {
  const date = organization.now();
  const parent = valueIn(given, "parentCommentId");
  return {
    id,
    parentId: typeof parent === "number" ? parent : 0,
    authorId: identity.id,
    content: textIn(given, "content") ?? "",
    type: "text",
    publishedDate: date,
    updatedDate: date,
    isDeleted: false,
  };
}

function threadBody(thread: ThreadRecord, request: RouteRequest): JsonObject {
  const { threadStatus, threadContext } = thread;
  return {
    pullRequestThreadContext: null,
    id: thread.number,
    publishedDate: thread.publishedDate,
    lastUpdatedDate: thread.updatedDate,
    comments: thread.comments.map((comment) => commentBody(comment, thread, request)),
    ...(threadStatus === undefined ? {} : { status: threadStatus }),
    threadContext: threadContext ?? null,
    properties: {},
    identities: null,
    isDeleted: false,
    _links: { self: { href: threadUrl(thread, request) } },
  };
}

function commentBody(comment: CommentRecord, thread: ThreadRecord, request: RouteRequest): JsonObject {
  const author = request.organization.identity(comment.authorId);
  return {
    id: comment.id,
    parentCommentId: comment.parentId,
    ...(author === undefined ? {} : { author: identityReference(author, request.baseUrl) }),
    content: comment.content,
    publishedDate: comment.publishedDate,
    lastUpdatedDate: comment.updatedDate,
    lastContentUpdatedDate: comment.updatedDate,
    commentType: comment.type,
    usersLiked: [],
    _links: { self: { href: `${threadUrl(thread, request)}/comments/${comment.id}` } },
  };
}

function threadUrl({ number }: ThreadRecord, request: RouteRequest): string {
  return `${pullRequestUrl(pullRequestOf(request), request.baseUrl)}/threads/${number}`;
}

export const pullRequestThreadRoutes: readonly Route[] = [
  ["project", "repositoryId", "pullRequestId"],
  ["repositoryId", "pullRequestId"],
].flatMap((requires): readonly Route[] => {
  const one = [...requires, "threadId"];
  return [
    { location: threads, method: "GET", requires, handle: list },
    { location: threads, method: "POST", requires, handle: create },
    { location: threads, method: "GET", requires: one, handle: getOne },
    { location: threads, method: "PATCH", requires: one, handle: update },
    { location: comments, method: "GET", requires: one, handle: listComments },
    { location: comments, method: "POST", requires: one, handle: addComment },
  ];
});
