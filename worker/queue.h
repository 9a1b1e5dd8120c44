// The Redis Streams that carry jobs to whoever is free; the only file that knows them.
//
// One stream per lane, one consumer group. A message names jobs of one kind; it is worth nothing by
// itself: the rows of data.job say what is to be done, a message lost or received twice does no
// harm. A struct queue belongs to one thread.
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "jobs.h"

// What was received, and must be settled.
struct message {
    struct str stream_id; // absent: nothing was received
    struct str kind;
    struct str ids; // PostgreSQL array
};

struct queue; // opaque

// consumer names the reader within the process. Never fails; connects when used.
struct queue *queue_open(struct worker *w, enum lane lane, const char *consumer) MUST_USE;
// Leaves the group when nothing received is left unsettled. Accepts NULL.
void queue_close(struct queue *q);

// Puts a message in the stream of the lane.
enum err queue_send(struct queue *q, struct str kind, struct str ids) MUST_USE;
// Messages not yet settled.
enum err queue_length(struct queue *q, int64_t *ret_length) MUST_USE;

// The next message: one that a reader left unsettled for some seconds (it died), else a new one,
// waited for at most wait_ms. Texts live in the arena. ERR_NOT_FOUND: none came. Makes the group
// when there is none, and tells the process that Redis was emptied.
enum err queue_receive(struct queue *q, int wait_ms, struct arena *a,
                       struct message *ret_message) MUST_USE;
// The message is done with, whatever became of its jobs.
void queue_settle(struct queue *q, const struct message *message);

// Forgets consumers that have been gone for long and messages that nobody will settle.
void queue_sweep(struct queue *q);

// OK when Redis answers.
enum err queue_ping(struct queue *q) MUST_USE;
