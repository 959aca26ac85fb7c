"""Writers of the sheet declarations, and the carrying over of what clerks typed."""
