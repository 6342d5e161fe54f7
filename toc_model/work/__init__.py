"""Long work: tasks that don't depend on each other, done here or by workers, and what is kept of work that was stopped.

Functions that have much to do hand it to `toc_model.work.tasks.each`. Whether workers do it, and whether what is
finished is kept, is up to whoever calls them: `toc_model.work.crew.workers` and `toc_model.work.pieces.keeping`.
"""
