// Two databases on the phone. "session-door" is readable while the sign-in's key is there and is deleted whole at
// sign-out (any database named session-… is) or after twelve hours; "door-queue" holds only what is sealed for the server.

import { shape } from "../js/database.js";

shape("session-door", ["keys", "kept"]);
shape("door-queue", ["visits", "files", "meta"]);

export * from "../js/database.js";
