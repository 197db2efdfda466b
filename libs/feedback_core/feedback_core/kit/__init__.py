"""What every capability needs: errors, clock, ids, cursors, estimates."""
